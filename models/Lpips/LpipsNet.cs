namespace FlexEdit.Models.Lpips;

/// <summary>The classification network whose features are compared.</summary>
public enum LpipsNet
{
    /// <summary>AlexNet (Krizhevsky 2014), the usual choice for measuring.</summary>
    Alex,

    /// <summary>VGG16 (Simonyan and Zisserman 2015), the usual choice as a loss.</summary>
    Vgg,
}
