// What a character tells, as the inspector shows it. Plain data.
using System;
using UnityEngine;

namespace StereoSync
{
    /// <summary>What is told of a character beside its box, so that it need not be seen; each part can be switched off.</summary>
    [Serializable]
    public sealed class ToldSettings
    {
        [Tooltip("Tell where the feet are: of humanoid rigs by themselves, of others by the fields below.")]
        public bool feet = true;

        [Tooltip("Tell what is under each foot: the collider's physics material, on terrain the layer, else the tag. One ray per foot and picture.")]
        public bool ground = true;

        [Tooltip("Tell when feet come down, ahead of time, from the events of the clip that plays: OnFootstep and OnLand, or the names below.")]
        public bool contacts = true;

        [Header("Feet of rigs that are not humanoid")]
        public Transform leftFoot;
        public Transform rightFoot;

        [Tooltip("Only of bodies on four feet.")]
        public Transform leftHindFoot;

        [Tooltip("Only of bodies on four feet.")]
        public Transform rightHindFoot;

        [Header("Ground")]
        [Tooltip("What a foot can stand on. The character's own colliders never count.")]
        public LayerMask groundLayers = Physics.DefaultRaycastLayers;

        [Header("Contacts")]
        [Tooltip("The layer of the Animator that walks.")]
        public int animatorLayer = 0;

        [Tooltip("Functions of animation events at which a foot comes down. OnLand is both feet.")]
        public string[] eventNames = { FootEvents.Footstep, FootEvents.Land };

        [Tooltip("Contacts of clips that cannot hold events. Tools, StereoSync, Find Contacts writes it.")]
        public StereoSyncContacts besideClips;
    }
}
