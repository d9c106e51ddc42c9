namespace HomelabOps.Core.GitOps.Yaml;

/// <summary>What a scalar means.</summary>
internal enum ScalarKind
{
    /// <summary>It contradicts its tag, or JSON cannot say it.</summary>
    Invalid,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Nothing.</summary>
    Null,
}
