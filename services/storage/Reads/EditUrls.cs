namespace FlexEdit.Storage.Reads;

/// <summary>The paths of an edit and its parts, relative to the server.</summary>
internal static class EditUrls
{
    public static string Self(string id) => $"/v1/edits/{id}";

    public static string Manifest(string id) => $"{Self(id)}/manifest";

    public static string Input(string id, string name) => $"{Self(id)}/inputs/{name}";

    public static string FullMask(string id) => $"{Self(id)}/full-mask";

    public static string Preview(string id) => $"{Self(id)}/preview";

    public static string Output(string id, int index) => $"{Self(id)}/outputs/{index}";

    public static string EditedMask(string id, int index) => $"{Output(id, index)}/edited-mask";
}
