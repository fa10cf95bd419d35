// What `node --test` reports here: the names of the tests that failed, one a line.

export default async function* failed(events) {
  for await (const { type, data } of events) {
    // A file fails as a whole too; that says nothing more, unless it could not even be read.
    const isFile = data.name?.endsWith(".mjs");
    const failedOnly = isFile && data.details?.error?.failureType === "subtestsFailed";
    if (type === "test:fail" && !failedOnly) yield `${data.name}\n`;
  }
}
