// What the browser keeps for the shop.

/** The cookies by name; those of other hosts are not looked at. */
export async function jar(context, world) {
  const cookies = await context.cookies();
  const ours = cookies.filter((cookie) => cookie.domain.replace(/^\./, "") === world.home);
  return Object.fromEntries(ours.map((cookie) => [cookie.name, cookie]));
}

/** The values alone, to compare. */
export async function values(context, world) {
  const cookies = await jar(context, world);
  return Object.fromEntries(Object.entries(cookies).map(([name, cookie]) => [name, cookie.value]));
}

/** As if the token's life were over: browsers drop the cookie then. */
export async function dropAccess(context, world) {
  await context.clearCookies({ name: world.access.name });
}
