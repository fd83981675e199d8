/** The one channel on which the page calls. */
export const CALL_CHANNEL = 'desk:call'
/** The one channel on which it is told what its subscriptions bring. */
export const EVENT_CHANNEL = 'desk:event'
