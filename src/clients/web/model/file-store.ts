// IndexedDB, which keeps the files that are being sent: an upload goes on after the page was closed. Browsers keep a copy
// there, so it does not matter what becomes of the file that was chosen.

/** Where files wait. Nothing rejects: a file that could not be kept is not found later. */
export interface FileStore {
  put(id: string, file: Blob): Promise<void>
  get(id: string): Promise<Blob | undefined>
  delete(id: string): Promise<void>
  ids(): Promise<readonly string[]>
}

const [DATABASE, FILES] = ['tertulia', 'files']

export class BrowserFileStore implements FileStore {
  #database: Promise<IDBDatabase> | undefined

  async put(id: string, file: Blob): Promise<void> {
    await this.#run('readwrite', files => files.put(file, id))
  }

  async get(id: string): Promise<Blob | undefined> {
    const found = await this.#run<unknown>('readonly', files => files.get(id))
    return found instanceof Blob ? found : undefined
  }

  async delete(id: string): Promise<void> {
    await this.#run('readwrite', files => files.delete(id))
  }

  async ids(): Promise<readonly string[]> {
    return ((await this.#run('readonly', files => files.getAllKeys())) ?? []).map(String)
  }

  async clear(): Promise<void> {
    await this.#run('readwrite', files => files.clear())
  }

  /** @returns undefined where the browser allows no database, or has no space left */
  async #run<Value>(
    mode: IDBTransactionMode,
    action: (files: IDBObjectStore) => IDBRequest<Value>,
  ): Promise<Value | undefined> {
    try {
      this.#database ??= open()
      const transaction = (await this.#database).transaction(FILES, mode)
      const request = action(transaction.objectStore(FILES))
      return await new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(request.result)
        transaction.onabort = () => reject(transaction.error)
      })
    } catch {
      return undefined
    }
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(FILES)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
