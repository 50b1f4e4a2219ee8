namespace FlexEdit.Gateway.Uploads;

/// <summary>The temporary files of one request; removed with it.</summary>
internal sealed class UploadFolder(string path) : IDisposable
{
    private int _last;

    /// <summary>A path that no file has yet.</summary>
    public string NewPath(string extension = "") =>
        Path.Combine(path, Interlocked.Increment(ref _last).ToString(null, null) + extension);

    public void Dispose()
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (IOException)
        {
            // A child process that is being killed may still write; the process's own folder is removed at its end.
        }
    }
}
