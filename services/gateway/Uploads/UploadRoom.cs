using System.Security.Cryptography;
using FlexEdit.Gateway.Hosting;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Uploads;

/// <summary>
/// The temporary folder of this process. It holds a locked file while the process lives, so that the next start
/// recognises and removes what a killed one left, also where process numbers mean nothing (containers).
/// </summary>
internal sealed class UploadRoom : IDisposable
{
    private const string Prefix = "flexedit-uploads-";
    private const string LockName = "lock";

    private readonly string _folder;
    private readonly FileStream _lock;
    private long _last;

    public UploadRoom(IOptions<GatewayOptions> options)
    {
        var parent = options.Value.TempFolder ?? Path.GetTempPath();
        foreach (var left in Directory.EnumerateDirectories(parent, Prefix + "*"))
            RemoveIfAbandoned(left);
        _folder = Path.Combine(parent, Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_folder);
        else
            Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _lock = Lock(_folder, FileMode.CreateNew);
    }

    /// <summary>A folder for one request.</summary>
    public UploadFolder Open() =>
        new(Directory.CreateDirectory(Path.Combine(_folder, Interlocked.Increment(ref _last).ToString("x8", null))).FullName);

    public void Dispose()
    {
        _lock.Dispose();
        TryDelete(_folder);
    }

    private static void RemoveIfAbandoned(string folder)
    {
        try
        {
            using (Lock(folder, FileMode.Open))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // In use by a living process, just being made, or another user's: not ours to remove.
        }
    }

    private static FileStream Lock(string folder, FileMode mode) =>
        new(Path.Combine(folder, LockName), mode, FileAccess.ReadWrite, FileShare.None);

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The next start removes it.
        }
    }
}
