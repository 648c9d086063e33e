// The heading of a screen that needs none to be seen, for those who hear it.
import { makeStyles } from '@fluentui/react-components';

const useStyles = makeStyles({
  hidden: {
    position: 'absolute',
    width: '1px',
    height: '1px',
    margin: 0,
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
  },
});

export function HiddenHeading({ children }: { readonly children: string }) {
  return <h1 className={useStyles().hidden}>{children}</h1>;
}
