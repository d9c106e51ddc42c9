using System.Runtime.InteropServices;

namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>Totals of items, as the REST API counts them.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SyncCounts(int Files, int Directories, int Deleted, long Bytes)
{
    /// <summary>Files and folders that are there.</summary>
    public int Items => Files + Directories;

    public static SyncCounts Of(IEnumerable<SyncItem> items)
    {
        var (files, directories, deleted, bytes) = (0, 0, 0, 0L);
        foreach (var item in items)
        {
            if (item.IsDeleted)
            {
                deleted++;
            }
            else if (item.IsDirectory)
            {
                directories++;
            }
            else
            {
                files++;
            }

            bytes += item.Bytes;
        }

        return new(files, directories, deleted, bytes);
    }
}
