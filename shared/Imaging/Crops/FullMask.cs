using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Imaging.Crops;

/// <summary>The predicted full mask at the scene's size.</summary>
public static class FullMask
{
    /// <summary>The mask at its place; black elsewhere.</summary>
    /// <param name="probability">side · side bytes of probability · 255.</param>
    /// <param name="side">R.</param>
    /// <param name="crop">Where the crop lies in the scene.</param>
    /// <param name="frame">The whole scene.</param>
    public static GrayImage InScene(byte[] probability, int side, Box crop, Box frame)
    {
        var enlarged = PictureResize.To(new GrayImage(side, side, probability), crop.Width, crop.Height);
        var scene = new GrayImage(frame.Width, frame.Height);
        for (var y = 0; y < crop.Height; y++)
            enlarged.Row(y).CopyTo(scene.Row(crop.Y + y)[crop.X..]);
        return scene;
    }
}
