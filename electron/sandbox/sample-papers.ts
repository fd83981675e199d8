/** The originals that the sandbox can draw, all invented, each marked as a sample. */
const SAMPLE_PAPERS = [
  { id: 'birth-certificate', title: 'Giấy khai sinh', pages: 1 },
  { id: 'residence-confirmation', title: 'Giấy xác nhận cư trú', pages: 1 },
  { id: 'decision', title: 'Quyết định công nhận tổ hợp tác', pages: 3 },
  { id: 'diploma', title: 'Bằng tốt nghiệp trung học phổ thông', pages: 1 },
  { id: 'driving-licence', title: 'Giấy phép lái xe', pages: 2 },
  { id: 'transcript', title: 'Bảng điểm trung học phổ thông', pages: 1 },
  { id: 'marriage-certificate', title: 'Giấy chứng nhận kết hôn', pages: 1 },
  { id: 'course-certificate', title: 'Chứng chỉ sơ cấp nghề', pages: 1 },
] as const

export type SamplePaperId = (typeof SAMPLE_PAPERS)[number]['id']

/** A kind of original that the sandbox can draw. */
export interface SamplePaper {
  readonly id: SamplePaperId
  /** As the register names the original. */
  readonly title: string
  readonly pages: number
}

export const samplePapers = (): readonly SamplePaper[] => SAMPLE_PAPERS
