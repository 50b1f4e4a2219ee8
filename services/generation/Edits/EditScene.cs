using FlexEdit.Imaging.Crops;

namespace FlexEdit.Generation.Edits;

/// <summary>Everything that the pictures of one edit have in common, fetched and cut.</summary>
/// <param name="Pictures">The decoded inputs.</param>
/// <param name="Scene">Scene crop, R·R·3 bytes RGB.</param>
/// <param name="Mask">Mask of the crop, R·R bytes.</param>
/// <param name="FullMask">Predicted full mask of the crop, R·R bytes; null where there is none.</param>
/// <param name="Subject">Subject, R·R·3 bytes RGB; null for a single-image edit.</param>
/// <param name="SubjectAlpha">Its opacity, R·R bytes; null where it has none.</param>
/// <param name="Embedding">Edit embedding e.</param>
/// <param name="EmbeddingShape">N and D of e.</param>
internal sealed record EditScene(
    EditPictures Pictures, byte[] Scene, byte[] Mask, byte[]? FullMask, byte[]? Subject, byte[]? SubjectAlpha,
    float[] Embedding, (int Tokens, int Width) EmbeddingShape);
