"""What is known of a county, a prefecture, the plan, a scene: made once, set by pages and files."""
