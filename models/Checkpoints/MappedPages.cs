using System.Runtime.InteropServices;

namespace FlexEdit.Models.Checkpoints;

/// <summary>Gives pages of a mapped file back to the system. They stay in its file cache and are no longer counted as this process's memory.</summary>
internal static partial class MappedPages
{
    private const int DontNeed = 4;

    /// <summary>Releases the pages of a read-only map that a range touches; reading them again maps them again.</summary>
    public static unsafe void Release(byte* start, long length)
    {
        var page = (nuint)Environment.SystemPageSize;
        var first = (nuint)start / page * page;
        // Advice: where the system does not take it, only the accounting differs.
        _ = Advise(first, (nuint)start + (nuint)length - first, DontNeed);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Advise(nuint address, nuint length, int advice);
}
