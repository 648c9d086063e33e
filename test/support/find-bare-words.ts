// Finds words that a screen would say in one language only: text between tags, or given to an attribute that is read.
// A string inside a call, such as the key of `t('title')`, is nobody's text.
import { parseSync } from 'vite';

/** Attributes that people read or hear. */
const spoken = new Set(
  (
    'aria-label aria-description aria-roledescription aria-valuetext alt title label placeholder hint ' +
    'validationMessage text heading description children content header intro confirm summary message'
  ).split(' '),
);

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

/** Each as "file:line: words". Throws for source that cannot be parsed. */
export function findBareWords(file: string, source: string): readonly string[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed`);
  const found: string[] = [];
  const visit = (node: Node): void => {
    for (const text of textsShownBy(node)) {
      if (!/\p{L}/u.test(text)) continue;
      const line = source.slice(0, node.start).split('\n').length;
      found.push(`${file}:${line}: ${text.trim().replaceAll(/\s+/gu, ' ')}`);
    }
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child);
  };
  visit(program as unknown as Node);
  return found;
}

function textsShownBy(node: Node): readonly string[] {
  if (node.type === 'JSXText') return [String(node['value'])];
  if (node.type === 'JSXAttribute') {
    const name = (node['name'] as Node)['name'];
    return spoken.has(String(name)) ? literalsOf(node['value']) : [];
  }
  if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
    const children = node['children'] as readonly Node[];
    return children.filter(({ type }) => type === 'JSXExpressionContainer').flatMap(literalsOf);
  }
  return [];
}

/** Literals that an expression comes to, through conditions and sums. */
function literalsOf(value: unknown): readonly string[] {
  if (!isNode(value)) return [];
  switch (value.type) {
    case 'Literal':
      return typeof value['value'] === 'string' ? [value['value']] : [];
    case 'TemplateLiteral':
      return (value['quasis'] as readonly { readonly value: { readonly cooked: string } }[]).map(
        (part) => part.value.cooked,
      );
    case 'JSXExpressionContainer':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
      return literalsOf(value['expression']);
    case 'ConditionalExpression':
      return [...literalsOf(value['consequent']), ...literalsOf(value['alternate'])];
    case 'LogicalExpression':
      return [...literalsOf(value['left']), ...literalsOf(value['right'])];
    case 'BinaryExpression':
      return value['operator'] === '+'
        ? [...literalsOf(value['left']), ...literalsOf(value['right'])]
        : [];
    default:
      return [];
  }
}
