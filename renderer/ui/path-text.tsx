// A path or an address, small, broken wherever the window needs it.
import { Caption1, makeStyles, tokens } from '@fluentui/react-components';
import { placeText } from '../../shared/text/place-text.ts';

const useStyles = makeStyles({
  path: { color: tokens.colorNeutralForeground3, overflowWrap: 'anywhere' },
});

export function PathText({ path }: { readonly path: string }) {
  return <Caption1 className={useStyles().path}>{placeText(path)}</Caption1>;
}

/** The last part of a path of any system: what people call a file. */
export function fileNameOf(path: string): string {
  return path.split(/[/\\]/u).findLast((part) => part !== '') ?? path;
}
