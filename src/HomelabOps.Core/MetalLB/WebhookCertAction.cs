namespace HomelabOps.Core.MetalLB;

/// <summary>What is done to the webhook's Secret.</summary>
internal enum WebhookCertAction
{
    /// <summary>It is good as it is.</summary>
    Keep,

    /// <summary>It is made.</summary>
    Create,

    /// <summary>Its values are replaced.</summary>
    Replace,

    /// <summary>It is deleted and made anew, because what has to change cannot be changed.</summary>
    Recreate,
}
