/** The invented citizen of the crash runs; no province has code 099. */
export const CITIZEN = { name: 'Người thử (mẫu)', personalNumber: '099090000017' } as const
