// Prints a Parquet file as hyparquet reads it: {"metadata": {…}, "rows": [{…}]}. Bytes are in base64, times in ISO 8601.
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const file = await asyncBufferFromFile(process.argv[2])
const metadata = await parquetMetadataAsync(file)
const rows = await parquetReadObjects({ file, compressors, utf8: false })

const plain = (key, value) =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64')
  : typeof value === 'bigint' ? Number(value)
  : value

process.stdout.write(JSON.stringify({
  metadata: Object.fromEntries(metadata.key_value_metadata.map(({ key, value }) => [key, value])),
  rows,
}, plain))
