using System.Text;

namespace FlexEdit.Tests.EndToEnd.Requests;

/// <summary>A <c>POST /v1/edits</c> that is right unless a test spoils it.</summary>
internal sealed record EditForm
{
    public byte[]? Scene { get; init; }
    public string SceneFileName { get; init; } = "scene.png";
    public byte[]? Mask { get; init; }
    public string? Shapes { get; init; }
    public byte[]? Subject { get; init; }
    public string? Instruction { get; init; } = "Remove the object.";
    public IReadOnlyList<(string Name, string Value)> Options { get; init; } = [("seed", "7")];

    public MultipartFormDataContent ToMultipart()
    {
        var form = new MultipartFormDataContent();
        AddFile(Scene, "scene", SceneFileName);
        AddFile(Mask, "mask", "mask.png");
        AddFile(Subject, "subject", "subject.png");
        AddText(Shapes, "mask_shapes");
        AddText(Instruction, "instruction");
        foreach (var (name, value) in Options)
            AddText(value, name);
        return form;

        void AddFile(byte[]? file, string name, string fileName)
        {
            if (file is not null)
                form.Add(new ByteArrayContent(file), name, fileName);
        }

        void AddText(string? text, string name)
        {
            if (text is not null)
                form.Add(new StringContent(text, Encoding.UTF8), name);
        }
    }
}
