using System.Runtime.InteropServices;

namespace FlexEdit.Benchmark.Loading;

/// <summary>The system's cache of one file (posix_fadvise; needs no rights).</summary>
internal static partial class FileCache
{
    private const int DontNeed = 4;

    /// <summary>Writes what of a file is only in the cache; what is not written is not dropped.</summary>
    public static void Flush(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Drops a file from the cache.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void Drop(string path)
    {
        using var file = File.OpenHandle(path);
        if (Advise(file, 0, 0, DontNeed) is not 0 and var code)
            throw new IOException($"'{path}' could not be dropped from the cache: error {code}.");
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeHandle file, long offset, long length, int advice);
}
