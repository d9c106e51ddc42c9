namespace HomelabOps.Cluster.Tests;

/// <summary>A file system on a node of the lab whose server is a process, which can be stopped: the mount then hangs as one of NFS does.</summary>
internal sealed class FuseMount : IDisposable
{
    private readonly string _node;
    private readonly string _folder;
    private readonly string _process;

    /// <param name="node">The node.</param>
    /// <param name="path">Where it is mounted, below /srv, which is the node's own.</param>
    public FuseMount(string node, string path)
    {
        (_node, _folder, Path) = (node, path + "-source", path);
        NodeShell.Run(node, $"mkdir -p {_folder} {path} && touch {_folder}/one {_folder}/two");

        // Nothing of it may hold on to the pipe that its number comes through.
        _process = NodeShell.Run(node, $"bindfs -f {_folder} {path} </dev/null >/dev/null 2>&1 & echo $!; for i in 1 2 3 4 5 6 7 8 9 10; do if grep -q ' {path} ' /proc/self/mountinfo; then break; fi; sleep 0.5; done");
    }

    public string Path { get; }

    /// <summary>The server stops answering.</summary>
    public void Hang() => NodeShell.Run(_node, $"kill -STOP {_process}");

    public void Dispose() => NodeShell.Run(_node, $"kill -CONT {_process}; kill -KILL {_process}; umount -l {Path}; rm -rf {_folder}; rmdir {Path} 2>/dev/null; true");
}
