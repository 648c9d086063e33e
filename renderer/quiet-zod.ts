// Zod compiles its checks with `new Function` where it may; the window's content security policy forbids that and would
// report each try. Imported before anything that makes a schema.
import { config } from 'zod';

config({ jitless: true });
