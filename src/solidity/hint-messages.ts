/**
 * The codes of today for what compilers before 0.6.9 say in the same words, without a code. Their messages are matched
 * from the beginning, so that a name in one cannot be taken for another.
 */
const codes: readonly [message: RegExp, code: string][] = [
  [/^Undeclared identifier/, '7576'],
  [/^Identifier not found or not unique/, '7920'],
  [/^Identifier already declared/, '2333'],
  [/^Source ".*" not found/s, '6275'],
  [/^Source file requires different compiler version/, '5333'],
  [/^Source file does not specify required compiler version/, '3420'],
  [/^Expected pragma, import directive or/, '7858'],
  [/^Expected primary expression/, '6933'],
  [/^Expected a state variable declaration/, '2915'],
  [/^Expected .* but got /s, '2314'],
  [/^Function, variable, struct or modifier declaration expected/, '9182'],
  [/^No visibility specified/, '4937'],
  [
    /^(Functions are not allowed to have|Defining constructors as functions with) the same name as the contract/,
    '5796',
  ],
  [/^This declaration shadows an existing declaration/, '2519'],
  [/^Unused local variable/, '2072'],
  [/^Unused function parameter/, '5667'],
  [/^Unreachable code/, '5740'],
  [/^Statement has no effect/, '6133'],
  [/^Function state mutability can be restricted to/, '2018'],
  [/^Function declared as pure, but this expression \(potentially\) reads/, '2527'],
  [/^Function declared as (view|pure), but this expression \(potentially\) modifies/, '8961'],
  [/^"msg\.value" (and|used in non-payable)/, '5887'],
  [/^Trying to override non-virtual/, '4334'],
  [/^Overriding (function|public state variable|modifier) is missing "override"/, '9456'],
  [/^Contract ".*" should be marked as abstract/s, '3656'],
  [/^Trying to create an instance of an abstract contract/, '4614'],
  [/^Functions in interfaces (must|should) be declared external/, '1560'],
  [/^Fallback function must be defined as "external"/, '1159'],
  [/^Data location must be/, '6651'],
  [/^Type .+ is not implicitly convertible to expected type/s, '9574'],
  [/^Invalid type for argument in function call\. Invalid implicit conversion/, '9553'],
  [/^Explicit type conversion not allowed/, '9640'],
  [/^Operator .* not compatible with types/s, '2271'],
  [/^Member ".*" not found or not visible/s, '9582'],
  [/^Wrong argument count for function call: .*requires a single bytes argument/s, '4323'],
  [/^This function only accepts a single "bytes" argument/, '4323'],
  [/^Wrong argument count for function call/, '6160'],
  [/^Different number of components on the left hand side/, '7364'],
  [/^(Invoking events without "emit"|Event invocations have to be prefixed by "emit")/, '3132'],
  [/^Return value of low-level calls not used/, '9302'],
  [/^Failure condition of 'send' ignored/, '5878'],
  [/^"send" and "transfer" are only available/, '9862'],
  [/^This looks like an address but has an invalid checksum/, '9429'],
  [/^"throw" is deprecated/, '4538'],
  [/^"sha3" has been deprecated/, '3557'],
  [/^"suicide" has been deprecated/, '8050'],
  [/^Using "years" as a unit denomination/, '4820'],
  [/^This variable is of storage pointer type and can be accessed without prior assignment/, '3464'],
  [/^Uninitialized storage pointer/, '3464'],
  [/^Documented parameter ".*" not found/s, '3881'],
];

/** @returns the code under which today's compilers say this */
export function codeOfMessage(message: string): string | undefined {
  return codes.find(([pattern]) => pattern.test(message))?.[1];
}
