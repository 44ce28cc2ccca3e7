// Pass 0: a depth target (whatever the graphics API stores there) to metres along the optical axis; 0 where nothing was hit.
// Pass 1: the texture coordinate v itself, by which FrameCapture learns in which order rows are read back.
// The planes are passed in, because _ZBufferParams belongs to whichever camera rendered last.
Shader "Hidden/StereoSync/LinearDepth"
{
    Properties
    {
        _MainTex ("Depth", 2D) = "white" {}
    }
    SubShader
    {
        Cull Off
        ZWrite Off
        ZTest Always

        Pass
        {
            CGPROGRAM
            #pragma target 3.0
            #pragma vertex vert_img
            #pragma fragment frag
            #include "UnityCG.cginc"

            sampler2D_float _MainTex;
            float4 _StereoSyncPlanes; // x near, y far, metres

            float frag(v2f_img input) : SV_Target
            {
                float stored = tex2D(_MainTex, input.uv).r;
                float nearM = _StereoSyncPlanes.x;
                float farM = _StereoSyncPlanes.y;
                #if defined(UNITY_REVERSED_Z)
                bool sky = stored <= 0.0;
                float metres = nearM * farM / (nearM + stored * (farM - nearM));
                #else
                bool sky = stored >= 1.0;
                float metres = nearM * farM / (farM - stored * (farM - nearM));
                #endif
                return sky ? 0.0 : min(metres, 65504.0);
            }
            ENDCG
        }

        Pass
        {
            CGPROGRAM
            #pragma target 3.0
            #pragma vertex vert_img
            #pragma fragment frag
            #include "UnityCG.cginc"

            float frag(v2f_img input) : SV_Target
            {
                return input.uv.y;
            }
            ENDCG
        }
    }
    Fallback Off
}
