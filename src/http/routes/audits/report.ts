import { z } from 'zod';
import { reportAudit } from '../../../actions/report-audit.ts';
import { type ReportName, reportFormats } from '../../../audit/reports/index.ts';
import { sha256Hex } from '../../../lib/hash.ts';
import { binary, endpoint, reply } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';

const names = Object.keys(reportFormats) as [ReportName, ...ReportName[]];
const types = Object.values(reportFormats).map(({ contentType }) => contentType);

export const reportAuditRoute = endpoint({
  route: 'GET /api/v1/audits/:id/report',
  summary: 'An audit as SARIF 2.1.0, Markdown, one HTML page or JSON',
  description:
    'With `baseline`, the id of another audit, it says of each finding whether it is new or unchanged, and what is no longer found.',
  auth: 'contracts:read',
  params: idParams,
  query: z.strictObject({ format: z.enum(names).default('sarif'), baseline: z.uuid().optional() }),
  reply: { 200: binary(...types) },
  conditional: true,
  errors: ['not-found', 'audit-not-finished', 'stored-content-damaged'],
  async run({ platform, actor }, { params: { id }, query: { format, baseline } }) {
    const reported = await reportAudit(platform.store.read, actor.ownerId, { id, baseline });
    const { print, contentType, extension } = reportFormats[format];
    const bytes = Buffer.from(print(reported));
    return reply(200, bytes, {
      etag: `"${sha256Hex(bytes)}"`,
      'cache-control': 'private, no-cache',
      'content-type': contentType,
      // Opened where it comes from, a page of findings could speak in the name of the service.
      'content-disposition': `attachment; filename="slipway-${id}.${extension}"`,
    });
  },
});
