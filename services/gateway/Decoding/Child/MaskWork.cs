using FlexEdit.Contracts.Errors;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks.Shapes;

namespace FlexEdit.Gateway.Decoding.Child;

/// <summary>A mask, from a picture or from shapes, as a one-channel PNG of the scene's size: 255 marks.</summary>
internal static class MaskWork
{
    private const double AspectTolerance = 0.01;

    /// <summary>Reads a mask, which has to mark something, and writes it.</summary>
    /// <exception cref="MaskRefusedException">It is refused.</exception>
    public static DecodeAnswer Run(DecodeRequest request)
    {
        var read = Read(request);
        var report = new List<string>(read.Report);
        if (read.Mask.IsEmpty)
            throw new MaskRefusedException(ErrorCodes.MaskEmpty, $"The mask is empty: {read.WhyEmpty}.", request.Field);
        if (!read.Mask.Pixels.AsSpan().Contains((byte)0))
            report.Add("covers the whole picture");
        File.WriteAllBytes(request.Target, PictureEncoder.Png(GrayImage.Of(read.Mask)));
        return new DecodeAnswer { Width = read.Mask.Width, Height = read.Mask.Height, Report = report, ContentType = read.ContentType, Source = read.Source };
    }

    /// <summary>Reads a mask at the scene's size.</summary>
    /// <exception cref="MaskRefusedException">It is refused.</exception>
    public static ReadMask Read(DecodeRequest request) => request.Kind == DecodeRequest.Shapes ? FromShapes(request) : FromPicture(request);

    private static ReadMask FromPicture(DecodeRequest request)
    {
        var picture = Decode(request);
        var (width, height) = (picture.Pixels.Width, picture.Pixels.Height);
        if (!SameAspect(width, height, request.Width, request.Height))
        {
            throw new MaskRefusedException(
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

        return new ReadMask(mask, report, $"read as {polarity}, no pixel of it is marked")
        {
            Polarity = polarity,
            ContentType = picture.Format.ContentType(),
            Source = new DecodedSource(width, height, picture.Report),
        };
    }

    private static DecodedPicture Decode(DecodeRequest request)
    {
        try
        {
            return PictureDecoder.DecodeFile(request.Source, PictureWork.Limits(request));
        }
        catch (PictureException problem)
        {
            throw new MaskRefusedException(problem.Code, problem.Message, request.Field);
        }
    }

    private static ReadMask FromShapes(DecodeRequest request)
    {
        try
        {
            var marks = MarkReader.Read(File.ReadAllText(request.Source), request.Field);
            return new ReadMask(MarkRasteriser.Draw(marks, request.Width, request.Height, request.Field), [], "the shapes mark no pixel of the scene");
        }
        catch (MarkException problem)
        {
            throw new MaskRefusedException(ErrorCodes.MaskInvalid, $"{problem.Message}.", problem.Field);
        }
    }

    private static bool SameAspect(int width, int height, int sceneWidth, int sceneHeight) =>
        Math.Abs(((double)width * sceneHeight / ((double)height * sceneWidth)) - 1) <= AspectTolerance;
}
