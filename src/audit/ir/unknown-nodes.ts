import type { AstNode } from '../../solidity/types.ts';
import type { ToolReport } from '../types.ts';
import { nodeTypesOf } from './ast.ts';
import type { Program } from './program.ts';

/** Every type of node that compilers 0.4.12 to 0.8.x write into the compact tree (libsolidity/ast/ASTJsonExporter.cpp). */
const known = new Set(
  `Assignment BinaryOperation Block Break Conditional Continue ContractDefinition DoWhileStatement
ElementaryTypeName ElementaryTypeNameExpression EmitStatement EnumDefinition EnumValue ErrorDefinition EventDefinition
ExpressionStatement ForStatement FunctionCall FunctionCallOptions FunctionDefinition FunctionTypeName Identifier
IdentifierPath IfStatement ImportDirective IndexAccess IndexRangeAccess InheritanceSpecifier InlineAssembly Literal Mapping
ArrayTypeName MemberAccess ModifierDefinition ModifierInvocation NewExpression OverrideSpecifier ParameterList
PlaceholderStatement PragmaDirective Return RevertStatement SourceUnit StorageLayoutSpecifier StructDefinition
StructuredDocumentation Throw TryCatchClause TryStatement TupleExpression UnaryOperation UncheckedBlock
UserDefinedTypeName UserDefinedValueTypeDefinition UsingForDirective VariableDeclaration VariableDeclarationStatement
VariableDefinitionStatement WhileStatement YulAssignment YulBlock YulBreak YulCase YulContinue YulExpressionStatement
YulForLoop YulFunctionCall YulFunctionDefinition YulIdentifier YulIf YulLeave YulLiteral YulSwitch YulTypedName
YulVariableDeclaration`.split(/\s+/),
);

/** Kinds and places that are named in a report. */
const shownMax = 20;

/**
 * Nodes of types that the analyser was not written for, as a newer compiler may have. It goes on without them, and the
 * audit is partial.
 *
 * @returns one problem a type, with the place of the first
 */
export function unknownNodes({ unit, source }: Program): ToolReport['problems'] {
  const found = new Map<string, { first: AstNode; count: number }>();
  for (const root of Object.values(unit.asts)) {
    for (const { type, first, count } of nodeTypesOf(root)) {
      if (known.has(type)) continue;
      const entry = found.get(type);
      if (entry) entry.count += count;
      else found.set(type, { first, count });
    }
  }
  return [...found].slice(0, shownMax).map(([type, { first, count }]) => {
    const place = typeof first.src === 'string' ? source.locate(first) : undefined;
    const times = count > 1 ? ` (${count} of them)` : '';
    const message = `the analyser does not know nodes of the type ${type.slice(0, 80)}${times} and went on without them`;
    return place ? { file: place.file, line: place.line, message } : { message };
  });
}
