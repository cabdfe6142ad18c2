// Where the session's signing key waits between pages: IndexedDB keeps a key that nobody can read out.
// Where IndexedDB is refused, as in some private windows, the key lives as long as the page.

export interface StoredKey {
  id: string;
  key: CryptoKey;
}

const STORE = "keys";
const SLOT = "session";

export async function keptKey(): Promise<StoredKey | null> {
  const found = await inStore("readonly", (store) => store.get(SLOT));
  return (found as StoredKey | undefined) ?? null;
}

export async function keepKey(key: StoredKey): Promise<void> {
  await inStore("readwrite", (store) => store.put(key, SLOT));
}

export async function forgetKey(): Promise<void> {
  await inStore("readwrite", (store) => store.delete(SLOT));
}

async function inStore(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  try {
    const database = await open();
    try {
      return await settled(ask(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open("stockade", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE);
  };
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
