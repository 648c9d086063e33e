// The note that lies in every exported ZIP, in both languages: whoever finds the file need not have the app.

/** Name of the note in the archive. */
export const EXPORT_WARNING_NAME = 'README-NOT-SEALED.txt';

/** The note; lines end as Windows' own editor wants them. */
export const EXPORT_WARNING_TEXT = [
  'THIS ARCHIVE IS NOT SEALED',
  '',
  'It was exported from a Holdfast restore point. Whoever has this file can read all that is in it, customers',
  'included: it is not encrypted, and nothing proves that it was not changed afterwards.',
  'Keep it only as long as you need it, and delete it then. The restore point itself is still sealed and unchanged.',
  '',
  '本压缩包没有加密保护',
  '',
  '它是从 Holdfast 的一个恢复点导出的。任何拿到此文件的人都可以读取其中的全部内容，包括客户资料：',
  '它没有加密，也无法证明事后没有被改动过。',
  '请只在需要时保留，用完后删除。恢复点本身仍然是加密的，没有任何变化。',
  '',
].join('\r\n');
