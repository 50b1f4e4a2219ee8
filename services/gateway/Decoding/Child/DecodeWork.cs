using FlexEdit.Contracts.Errors;
using FlexEdit.Imaging;

namespace FlexEdit.Gateway.Decoding.Child;

/// <summary>Does one piece of work; whatever is wrong with the picture becomes an answer.</summary>
internal static class DecodeWork
{
    public static DecodeAnswer Run(DecodeRequest request)
    {
        try
        {
            return request.Kind switch
            {
                DecodeRequest.Picture => PictureWork.Run(request),
                DecodeRequest.Mask or DecodeRequest.Shapes => MaskWork.Run(request),
                DecodeRequest.Inspect => InspectWork.Run(request),
                _ => throw new ArgumentException($"'{request.Kind}' is no kind of work."),
            };
        }
        catch (PictureException problem)
        {
            return DecodeAnswer.Refused(problem.Code, problem.Message, request.Field);
        }
        catch (MaskRefusedException problem)
        {
            return DecodeAnswer.Refused(problem.Code, problem.Message, problem.Field);
        }
        catch (OutOfMemoryException)
        {
            return DecodeAnswer.Refused(ErrorCodes.ImageTooLarge, "The picture needs more memory than one picture may take.", request.Field);
        }
    }
}
