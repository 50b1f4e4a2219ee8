namespace FlexEdit.Masks.FreeShapes;

/// <summary>
/// How a person marks something roughly: the eight kinds of FSMI-Edit (circle, rectangle, triangle, irregular, each
/// filled or hollow; FlexEdit paper, section 4) and loose brush strokes.
/// </summary>
public enum FreeShapeKind
{
    /// <summary>A filled disc.</summary>
    Circle,

    /// <summary>A filled rectangle.</summary>
    Rectangle,

    /// <summary>A filled triangle.</summary>
    Triangle,

    /// <summary>A filled wobbly closed curve.</summary>
    Irregular,

    /// <summary>A ring.</summary>
    HollowCircle,

    /// <summary>The outline of a rectangle.</summary>
    HollowRectangle,

    /// <summary>The outline of a triangle.</summary>
    HollowTriangle,

    /// <summary>A wobbly closed line.</summary>
    HollowIrregular,

    /// <summary>A few brush strokes within the thing, covering part of it.</summary>
    Strokes,
}
