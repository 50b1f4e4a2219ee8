using FlexEdit.Storage.Reads;

namespace FlexEdit.ApiDocument.Schemas;

/// <summary>How types are called in the document: as clients think of them.</summary>
internal static class SchemaNames
{
    private const string View = "View";

    /// <summary>Whether a type is this system's, and so a component of its own.</summary>
    public static bool IsOwn(Type type) => type.Namespace?.StartsWith("FlexEdit.", StringComparison.Ordinal) == true;

    /// <summary>The component's name.</summary>
    public static string Of(Type type) =>
        type == typeof(JobView) ? "Edit"
        : type.Name == "ProblemBody" ? "Problem"
        : type.Name.EndsWith(View, StringComparison.Ordinal) ? type.Name[..^View.Length]
        : type.Name;
}
