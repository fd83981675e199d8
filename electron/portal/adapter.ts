/** The interface that every way of delivery keeps: the new-generation dossier API, later the classic one, a province's, a package by hand. */

/** A sealed copy on its way to the citizen. All the adapter needs; nothing of the office's inner state. */
export interface Parcel {
  /** Id of the copy in the office; the same parcel always has the same id. */
  readonly copyId: string
  readonly title: string
  /** Certification number (số chứng thực) and book (quyển số) as printed in the statement. */
  readonly number: string
  readonly book: string
  readonly requester: {
    readonly name: string
    /** 12-digit personal number (số định danh), the key of the citizen's store; null when the citizen gave none. */
    readonly personalNumber: string | null
    readonly email: string | null
    readonly phone: string | null
  }
  /** UTC. */
  readonly receivedAt: Date
  readonly signedAt: Date
  readonly sealedAt: Date
  readonly dueAt: Date
  /** Names of the officer and signer as the portal's progress shows them (NguoiXuLy, ≤ 50 characters). */
  readonly officerName: string
  readonly signerName: string
  readonly file: { readonly path: string; readonly sha256: string; readonly bytes: number; readonly name: string }
}

/** What an adapter has already achieved for a parcel. JSON; kept by the outbox so that no step is done twice. */
export type Checkpoint = Readonly<Record<string, string>>

export interface DeliveryReceipt {
  /** The other side's number for what it accepted (MaHoSo). */
  readonly receipt: string
  /** UTC, by our clock, when the other side had confirmed. */
  readonly confirmedAt: Date
}

/**
 * A way of delivery. `deliver` may be called again with the same parcel after a crash, a time-out or an unknown answer, with the last
 * checkpoint saved: it looks up what the other side has before it adds anything, so the citizen gets each copy exactly once.
 */
export interface DeliveryAdapter {
  readonly name: string
  /**
   * @param save stores progress; resolves when it is on disk. Called before and after each step that the other side remembers.
   * @throws PortalError; `retriable` tells whether the same call may succeed later without a person's doing.
   */
  deliver(
    parcel: Parcel,
    checkpoint: Checkpoint,
    save: (checkpoint: Checkpoint) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<DeliveryReceipt>
}
