namespace FlexEdit.Platform.Objects;

/// <summary>Says in a sentence why a folder could not be read or written.</summary>
internal static class FolderFaults
{
    // errno values of Linux and macOS; .NET puts them into HResult.
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaLinux = 122;
    private const int QuotaMac = 69;

    public static ObjectStoreException Explain(Exception error, string folder) => new(Sentence(error, folder), error);

    private static string Sentence(Exception error, string folder) => error switch
    {
        UnauthorizedAccessException => $"The object folder '{folder}' may not be written by this user; give it write permission or set FLEXEDIT__Objects__Folder to another folder.",
        IOException { HResult: NoSpace } or IOException { HResult: QuotaLinux } or IOException { HResult: QuotaMac } => $"The disk that holds the object folder '{folder}' is full.",
        IOException { HResult: ReadOnlyFileSystem } => $"The object folder '{folder}' is on a read-only file system; set FLEXEDIT__Objects__Folder to a writable folder.",
        _ => $"The object folder '{folder}' cannot be used: {error.Message}",
    };
}
