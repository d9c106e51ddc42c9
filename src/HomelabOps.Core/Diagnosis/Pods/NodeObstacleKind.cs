namespace HomelabOps.Core.Diagnosis.Pods;

/// <summary>Sorts of reasons for which a node does not take a pod.</summary>
internal enum NodeObstacleKind
{
    /// <summary>The node is not ready, cordoned, or runs out of something: it would take the pod otherwise.</summary>
    State,

    /// <summary>A taint that the pod does not tolerate.</summary>
    Taint,

    /// <summary>The pod asks for other labels.</summary>
    Selector,

    /// <summary>A volume of the pod is not there.</summary>
    Volume,

    /// <summary>A port of the node that the pod asks for has another one.</summary>
    Port,

    /// <summary>Pods there and the pod are to be apart, or those are not there that it goes with.</summary>
    Neighbour,

    /// <summary>What is left of the node is less than the pod asks for.</summary>
    Resources,
}
