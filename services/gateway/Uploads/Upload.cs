namespace FlexEdit.Gateway.Uploads;

/// <summary>A file as it came from a client, in a temporary place.</summary>
/// <param name="Path">Where it lies; removed with its <see cref="UploadFolder"/>.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, lower-case hexadecimal.</param>
internal sealed record Upload(string Path, long Bytes, string Sha256);
