namespace FlexEdit.Training.World;

/// <summary>A photograph that scenes are cut from.</summary>
/// <param name="Name">Its file's name.</param>
/// <param name="HeldOut">Never trained on.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Drawn">A drawing or a pattern, not taken by a camera.</param>
/// <param name="Rgb">Width·Height·3 bytes.</param>
public sealed record WorldPhoto(string Name, bool HeldOut, int Width, int Height, bool Drawn, byte[] Rgb);
