import { application } from '../../tools/tsup.ts';

export default application({ entry: 'src/main.ts' });
