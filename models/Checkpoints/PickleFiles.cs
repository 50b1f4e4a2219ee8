namespace FlexEdit.Models.Checkpoints;

/// <summary>Pickle files, which PyTorch writes by default: reading one runs whatever code is in it, so none is ever opened.</summary>
internal static class PickleFiles
{
    private const string Why = "Pickle files can run code while they are read and are never opened";

    private static readonly string[] Extensions = [".bin", ".ckpt", ".pt", ".pth", ".pkl", ".pickle"];

    /// <summary>Whether a file's name is that of a pickle file.</summary>
    public static bool IsNamed(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Refuses a file by its name.</summary>
    /// <exception cref="CheckpointException">The name is that of a pickle file.</exception>
    public static void RefuseByName(string path)
    {
        if (IsNamed(path))
            throw new CheckpointException($"'{path}' is named as a pickle file. {Why}; convert it to .safetensors first.");
    }

    /// <summary>Refuses a file by its first bytes: a zip archive, as newer PyTorch writes, or a bare pickle.</summary>
    /// <exception cref="CheckpointException">The bytes are those of a pickle file.</exception>
    public static void RefuseByContent(ReadOnlySpan<byte> start)
    {
        if (start is [(byte)'P', (byte)'K', 3, 4, ..] or [0x80, >= 2 and <= 5, (byte)'c' or (byte)'}' or (byte)'X' or 0x8a or 0x95, ..])
            throw new CheckpointException($"its content is a pickle file. {Why}; convert it to .safetensors first");
    }
}
