namespace HomelabOps.Sandbox.Controllers.Nodes.World;

/// <summary>Why a registry does not give an image.</summary>
internal enum ImageFault
{
    /// <summary>It gives it.</summary>
    None,

    /// <summary>There is no such image.</summary>
    NotFound,

    /// <summary>It wants to know who asks.</summary>
    Unauthorized,

    /// <summary>There were too many requests.</summary>
    RateLimited,

    /// <summary>It does not answer.</summary>
    Unreachable,

    /// <summary>It answers, and the image never comes to its end.</summary>
    Stalled,
}
