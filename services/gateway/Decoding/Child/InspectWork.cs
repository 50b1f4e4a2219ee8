using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Masks;

namespace FlexEdit.Gateway.Decoding.Child;

/// <summary>Scene and mask together: what an edit would take the mask for, and a small picture that shows it.</summary>
internal static class InspectWork
{
    /// <exception cref="PictureException">The scene is refused.</exception>
    /// <exception cref="MaskRefusedException">The mask is refused; an empty one is not.</exception>
    public static DecodeAnswer Run(DecodeRequest request)
    {
        var (scene, width, height) = PictureDecoder.DecodeSmall(File.ReadAllBytes(request.Source), InspectionOverlay.LongestSide, PictureWork.Limits(request));
        var read = MaskWork.Read(request.MaskOfScene! with { Width = width, Height = height });
        File.WriteAllBytes(request.Target, PictureEncoder.Png(InspectionOverlay.Draw(scene, read.Mask)));
        var box = read.Mask.IsEmpty ? null : (Box?)read.Mask.Bounds;
        return new DecodeAnswer
        {
            Width = width,
            Height = height,
            ContentType = scene.Format.ContentType(),
            Report = scene.Report,
            Inspection = new MaskFindings
            {
                Marked = read.Mask.Count,
                Polarity = read.Polarity,
                Components = read.Mask.CountComponents(),
                Box = box is { } b ? [b.X, b.Y, b.Width, b.Height] : null,
                TouchesEdge = read.Mask.TouchesEdge,
                Orientation = scene.Orientation,
                Report = read.Report,
            },
        };
    }
}
