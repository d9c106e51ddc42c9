namespace HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;

/// <summary>A script ends itself.</summary>
internal sealed class ShellExit(int code) : Exception
{
    public int Code => code;
}

/// <summary>A loop or function ends, or goes on with its next round.</summary>
internal sealed class ShellJump(ShellJump.Target to, int code = 0) : Exception
{
    public Target To => to;

    public int Code => code;

    /// <summary>Where it goes.</summary>
    internal enum Target
    {
        /// <summary>Behind the loop.</summary>
        Break,

        /// <summary>To the next round.</summary>
        Continue,

        /// <summary>Behind the function.</summary>
        Return,
    }
}
