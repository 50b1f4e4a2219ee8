namespace FlexEdit.Tests.Integration.Upgrade;

/// <summary>
/// The built programs of two versions, in a folder where each service is a link to one of them: a process that is started again under <c>deploy/local/supervise</c> is of the version
/// that its link names then.
/// </summary>
internal sealed class MixedPrograms : IDisposable
{
    /// <summary>The services in the order in which messages pass them.</summary>
    public static readonly IReadOnlyDictionary<string, string> Services = new Dictionary<string, string>
    {
        ["gateway"] = "FlexEdit.Gateway",
        ["storage"] = "FlexEdit.Storage",
        ["understanding"] = "FlexEdit.Understanding",
        ["generation"] = "FlexEdit.Generation",
    };

    private readonly string _old;
    private readonly string _new;

    /// <param name="old">Folder of the old version's programs, which has <c>bin</c>.</param>
    /// <param name="new">Of the new version's.</param>
    public MixedPrograms(string old, string @new)
    {
        (_old, _new) = (old, @new);
        Directory.CreateDirectory(Path.Combine(Folder, "bin"));
        foreach (var project in Services.Values.Append("FlexEdit.Cli"))
            Directory.CreateSymbolicLink(LinkOf(project), Path.Combine(_old, "bin", project));
    }

    /// <summary>What <c>FLEXEDIT_ARTIFACTS</c> is set to.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("flexedit-programs-").FullName;

    /// <summary>From now on processes of this service are of the new version.</summary>
    public void Renew(string service)
    {
        var project = Services[service];
        Directory.Delete(LinkOf(project));
        Directory.CreateSymbolicLink(LinkOf(project), Path.Combine(_new, "bin", project));
    }

    /// <summary>Whether a process runs the new version: what it has loaded says so.</summary>
    public bool IsNew(string service, int pid)
    {
        var program = $"/{Services[service]}.dll";
        return File.ReadLines($"/proc/{pid}/maps").Any(line => line.EndsWith(program, StringComparison.Ordinal) && line.Contains(Path.GetFullPath(_new) + "/", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string LinkOf(string project) => Path.Combine(Folder, "bin", project);
}
