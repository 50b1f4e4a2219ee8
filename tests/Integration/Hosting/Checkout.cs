using System.Reflection;

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>Where the repository and the built programs are.</summary>
internal static class Checkout
{
    public static string Root { get; } = typeof(Checkout).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Checkout").Value!;

    public static string Models => Path.Combine(Root, "models", "weights");

    // <artifacts>/bin/<project>/<configuration>/
    public static string Program(string project, string? assembly = null)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, $"{assembly ?? project}.dll");
    }
}
