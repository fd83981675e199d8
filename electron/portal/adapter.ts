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
 * One request to the other side and what came back, kept as evidence of what was sent and answered (domain rule: without passwords and
 * tokens, file bytes named by their hash). It holds the citizen's data as the request did: it stays in the office's store.
 */
export interface Exchange {
  /** The adapter's name for what it did: "create", "status" … */
  readonly step: string
  readonly method: string
  readonly address: string
  /** UTC, by our clock. */
  readonly sentAt: Date
  readonly milliseconds: number
  /** HTTP status; null when no answer came. */
  readonly status: number | null
  readonly request: string | null
  readonly answer: string | null
  /** Code of the error when no answer came. */
  readonly errorCode: string | null
}

/** What the outbox gives an adapter for one attempt. */
export interface DeliveryAttempt {
  /** As last saved; empty the first time. */
  readonly checkpoint: Checkpoint
  /** Stores progress; resolves when it is on disk. Called before and after each step that the other side remembers. */
  readonly save: (checkpoint: Checkpoint) => Promise<void>
  /** Stores the evidence of a request; resolves when it is on disk. */
  readonly record: (exchange: Exchange) => Promise<void>
  /**
   * Asked right before everything that the other side sees or a person may take away. @throws where the attempt may not go on: the copy
   * is cancelled, somebody else has taken over, or what follows could not be recorded
   */
  readonly proceed: () => Promise<void>
  readonly signal?: AbortSignal | undefined
}

/** The decision that took a copy's legal value away (TT 01/2020 Đ7). */
export interface Cancellation {
  readonly decisionNumber: string
  /** yyyy-mm-dd */
  readonly decisionDate: string
  /** Of the delivery; null where none came. */
  readonly receipt: string | null
}

/** What the outbox gives an adapter to tell of a cancellation. `checkpoint` begins as the delivery left it. */
export interface CancellationAttempt extends DeliveryAttempt {
  /** Says, before anything is told, that the other side does hold the copy. Resolves when it is on disk. */
  readonly delivered: (receipt: DeliveryReceipt) => Promise<void>
}

/**
 * A way of delivery. `deliver` may be called again with the same parcel after a crash, a time-out or an unknown answer, with the last
 * checkpoint saved: it looks up what the other side has before it adds anything, so the citizen gets each copy exactly once.
 */
export interface DeliveryAdapter {
  readonly name: string
  /** @throws PortalError; `retriable` tells whether the same call may succeed later without a person's doing. */
  deliver(parcel: Parcel, attempt: DeliveryAttempt): Promise<DeliveryReceipt>
  /**
   * Tells the other side that the copy has no legal value any more. May be called again as `deliver` may.
   * @returns under which number it was told; null where the other side knows nothing of the copy
   * @throws PortalError, cancellation-by-hand where only a person can tell it
   */
  cancel(parcel: Parcel, cancellation: Cancellation, attempt: CancellationAttempt): Promise<DeliveryReceipt | null>
}
