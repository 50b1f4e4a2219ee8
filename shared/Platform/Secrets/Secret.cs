using System.Diagnostics.CodeAnalysis;

namespace FlexEdit.Platform.Secrets;

/// <summary>
/// A secret that a setting gives itself, or by a file in which it stands, as a mounted Kubernetes Secret does. The file is read again while the process runs, so that
/// what is in it can be replaced without a restart. Never written to logs: it has no text of its own.
/// </summary>
/// <param name="text">The secret itself; null where a file gives it.</param>
/// <param name="file">The file; null where the setting gives it. One secret a line; what is around a line is cut off, and empty lines are passed over.</param>
/// <param name="time">Says when the file is due to be read again.</param>
public sealed class Secret(string? text, string? file, TimeProvider time)
{
    // A rotation waits for the kubelet for a minute; a second more is nothing, and a request does not wait for a disk.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly Lock _reading = new();
    private volatile string[]? _lines = text is null ? null : [text];
    private long _readAt;

    /// <summary>What holds now, the newest first; empty where none is set. While the file cannot be read or is empty, what was read last.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            if (string.IsNullOrEmpty(file))
                return _lines ?? [];
            lock (_reading)
            {
                if (_lines is null || time.GetElapsedTime(_readAt) >= Fresh)
                {
                    // The same instance while nothing has changed, so that whoever made something of it knows.
                    if (Read(file) is { Length: > 0 } read && (_lines is null || !read.AsSpan().SequenceEqual(_lines)))
                        _lines = read;
                    _readAt = time.GetTimestamp();
                }
                return _lines ?? [];
            }
        }
    }

    /// <summary>The newest; null where none is set.</summary>
    public string? Current => Lines is [var first, ..] ? first : null;

    /// <summary>What is wrong with a setting and its file, one sentence each; nothing where neither is set.</summary>
    /// <param name="setting">The setting's name, such as <c>FLEXEDIT__Internal__Token</c>; that of the file has <c>File</c> behind it.</param>
    /// <param name="text">The setting.</param>
    /// <param name="file">Its file.</param>
    public static IEnumerable<string> Faults(string setting, string? text, string? file)
    {
        if (string.IsNullOrEmpty(file))
            yield break;
        if (!string.IsNullOrEmpty(text))
            yield return $"{setting} and {setting}File are both set; set one of them.";
        else if (Read(file) is not { Length: > 0 })
            yield return $"{setting}File is '{file}', which cannot be read or is empty; set it to a file in which the secret stands.";
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps a file from being read, the secret that was read last still holds.")]
    private static string[]? Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception)
        {
            return null;
        }
    }
}
