using FlexEdit.Contracts.Errors;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Masks.Shapes;

namespace FlexEdit.Gateway.Decoding.Child;

/// <summary>A mask, from a picture or from shapes, as a one-channel PNG of the scene's size: 255 marks.</summary>
internal static class MaskWork
{
    private const double AspectTolerance = 0.01;

    /// <summary>From a picture.</summary>
    /// <exception cref="PictureException">The file is refused.</exception>
    public static DecodeAnswer FromPicture(DecodeRequest request)
    {
        var picture = PictureDecoder.DecodeFile(request.Source, PictureWork.Limits(request));
        var (width, height) = (picture.Pixels.Width, picture.Pixels.Height);
        if (!SameAspect(width, height, request.Width, request.Height))
        {
            return DecodeAnswer.Refused(
                ErrorCodes.MaskSizeMismatch,
                $"The mask has {width}x{height} pixels and the scene {request.Width}x{request.Height} (both upright). Send a mask of the scene's size, or at least of its shape.",
                request.Field);
        }

        var polarity = MaskReading.Resolve(request.Polarity, picture.Pixels);
        var mask = MaskReading.Read(picture.Pixels, polarity);
        var report = new List<string>(picture.Report);
        if (request.Polarity == MaskPolarity.Auto)
            report.Add($"read as {polarity}");
        if (width != request.Width || height != request.Height)
        {
            mask = mask.Resize(request.Width, request.Height);
            report.Add($"scaled from {width}x{height} to the scene's {request.Width}x{request.Height}");
        }

        return Finish(mask, request, report, $"read as {polarity}, no pixel of it is marked") with
        {
            ContentType = picture.Format.ContentType(),
            Source = new DecodedSource(width, height, picture.Report),
        };
    }

    /// <summary>From a file of <c>mask_shapes</c>.</summary>
    public static DecodeAnswer FromShapes(DecodeRequest request)
    {
        try
        {
            var marks = MarkReader.Read(File.ReadAllText(request.Source), request.Field);
            var mask = MarkRasteriser.Draw(marks, request.Width, request.Height, request.Field);
            return Finish(mask, request, [], "the shapes mark no pixel of the scene");
        }
        catch (MarkException problem)
        {
            return DecodeAnswer.Refused(ErrorCodes.MaskInvalid, $"{problem.Message}.", problem.Field);
        }
    }

    private static DecodeAnswer Finish(Mask mask, DecodeRequest request, List<string> report, string whyEmpty)
    {
        if (mask.IsEmpty)
            return DecodeAnswer.Refused(ErrorCodes.MaskEmpty, $"The mask is empty: {whyEmpty}.", request.Field);
        if (!mask.Pixels.AsSpan().Contains((byte)0))
            report.Add("covers the whole picture");
        File.WriteAllBytes(request.Target, PictureEncoder.Png(GrayImage.Of(mask)));
        return new DecodeAnswer { Width = mask.Width, Height = mask.Height, Report = report };
    }

    private static bool SameAspect(int width, int height, int sceneWidth, int sceneHeight) =>
        Math.Abs(((double)width * sceneHeight / ((double)height * sceneWidth)) - 1) <= AspectTolerance;
}
