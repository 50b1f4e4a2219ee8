using FlexEdit.Evaluation.Cases;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Cli.Benchmarks;

/// <summary>The pictures of a case as files to upload; they are gone afterwards.</summary>
internal sealed class CaseFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-bench-").FullName;

    public CaseFiles(CasePictures pictures, Mask mask)
    {
        Scene = Write("scene", pictures.SceneFile);
        Mask = Write("mask.png", PictureEncoder.Png(GrayImage.Of(mask)));
        Subject = pictures.SubjectFile is { } subject ? Write("subject", subject) : null;
    }

    public string Scene { get; }

    public string Mask { get; }

    public string? Subject { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
