namespace FlexEdit.Generation.Engine;

/// <summary>What the engine says of a picture after each call of the model.</summary>
/// <param name="Step">Steps done; 0 after the picture began.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="ModelMs">Milliseconds inside the model since the last report: a batch's time divided by its pictures.</param>
/// <param name="Preview">The picture as far as it has formed, R·R·3 bytes RGB; null where this step has none.</param>
/// <param name="IsEnd">The picture is decoded; there was no step since the last report.</param>
public readonly record struct PaintingProgress(int Step, int Steps, double ModelMs, byte[]? Preview, bool IsEnd = false);
