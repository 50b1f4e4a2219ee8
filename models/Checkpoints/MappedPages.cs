using System.Runtime.InteropServices;

namespace FlexEdit.Models.Checkpoints;

/// <summary>Gives pages of a mapped file back to the system. They stay in its file cache and are no longer counted as this process's memory.</summary>
internal static partial class MappedPages
{
    private const int WillNeed = 3, DontNeed = 4, PopulateRead = 22;

    /// <summary>Tells the system that a range will be read, so that the disk begins before the processor asks.</summary>
    public static unsafe void Announce(byte* start, long length) => Advise(start, length, WillNeed);

    /// <summary>Maps the pages of a range at once instead of one fault after the other.</summary>
    public static unsafe void Populate(byte* start, long length) => Advise(start, length, PopulateRead);

    /// <summary>Releases the pages of a read-only map that a range touches; reading them again maps them again.</summary>
    public static unsafe void Release(byte* start, long length) => Advise(start, length, DontNeed);

    private static unsafe void Advise(byte* start, long length, int advice)
    {
        var page = (nuint)Environment.SystemPageSize;
        var first = (nuint)start / page * page;
        // Where the system does not take the advice, only speed and accounting differ.
        _ = Advise(first, (nuint)start + (nuint)length - first, advice);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Advise(nuint address, nuint length, int advice);
}
